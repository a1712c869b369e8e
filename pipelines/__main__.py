"""`python -m pipelines` is `nuzuh`."""

from pipelines.cli import main

if __name__ == "__main__":
    main(prog_name="nuzuh")
