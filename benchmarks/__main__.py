"""`make bench`: speed and memory of the pipeline."""

from benchmarks.pipeline import main

main()
