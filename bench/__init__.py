"""`make bench`: what the app costs, each figure beside a ceiling or a rival measured in the same run. README.md says how to read it."""
