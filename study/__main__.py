"""Run the command line: `python -m study` is the same as `dense-study`."""

from study.cli import main

if __name__ == "__main__":
    main()
