"""The same rooms as the program, and a learner's stories."""
