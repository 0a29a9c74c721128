"""What the learner has done."""
