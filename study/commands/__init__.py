"""The commands, one module each; study.cli imports only the chosen one."""
