"""`make bench`: speed and memory of the pipeline, and of the site at 20,000 statements (`python -m
benchmarks.site` measures it at a million)."""

from benchmarks import pipeline, site

pipeline.main()
site.main(["--statements", "20000", "--requests", "8"])
