"""What a figure is: its columns, codes and contract, and what a check may find."""
