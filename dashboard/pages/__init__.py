"""The pages, one file each; `dashboard.shell.navigation` names them."""
