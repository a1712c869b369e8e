"""The pages, one file each; `dashboard.navigation` names them."""
