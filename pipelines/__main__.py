"""`python -m pipelines` is `nuzuh`, as the environment has it: pipelines know no commands."""

from importlib.metadata import entry_points

if __name__ == "__main__":
    (nuzuh,) = entry_points(group="console_scripts", name="nuzuh")
    nuzuh.load()(prog_name="nuzuh")
