"""What is compared: one occurrence, or several alike."""

from hypothesis import given

from quotetrack.cluster.variants import gather, variant_of

from .test_batch import OCCURRENCES


@given(OCCURRENCES)
def test_one_occurrence_is_the_variant_that_gathering_makes_of_it(occurrences):
    for one in occurrences:
        assert [variant_of(one)] == gather([one])
