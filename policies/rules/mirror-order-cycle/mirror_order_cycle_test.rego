package mirrorproof.rules.mirror_order_cycle_test

import data.mirrorproof.rules.mirror_order_cycle

messages(contradictory, mirrors) := result if {
	result := [finding.message | some finding in mirror_order_cycle.findings] with input as {
		"cluster": {"declared": true},
		"mirrorSets": [{"title": "a", "home": ""}],
		"entries": [{"set": 0, "source": {"value": "q.io", "at": {}}, "mirrors": []}],
		"sources": [{"source": "q.io", "digest": {"entries": [0], "contradictory": contradictory, "certain": true, "mirrors": mirrors}, "tag": null}],
	}
}

test_says_that_the_source_is_first if {
	some message in messages(true, ["q.io", "r.io"])
	contains(message, "the source itself first")
}

test_does_not_say_so_where_it_is_last if {
	some message in messages(true, ["a.io", "b.io"])
	not contains(message, "the source itself first")
}

test_silent_where_the_lists_fit if messages(false, ["a.io", "b.io"]) == []
