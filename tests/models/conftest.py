"""The training script needs PyTorch, which the project does not: pytest leaves it alone."""

collect_ignore = ["train_tiny.py"]
