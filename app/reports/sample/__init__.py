"""The labelled sample data of `make run`: fictional units and people, a training with its test open now, and an earlier test with notices."""
