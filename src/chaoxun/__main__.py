"""`python -m chaoxun`: the same as the command `chaoxun`."""

from chaoxun.cli.main import main

if __name__ == "__main__":
    main()
