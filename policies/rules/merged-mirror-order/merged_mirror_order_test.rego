package mirrorproof.rules.merged_mirror_order_test

import data.mirrorproof.rules.merged_mirror_order

findings(lists, merged) := result if {
	result := merged_mirror_order.findings with input as {
		"cluster": {"declared": false},
		"mirrorSets": [{"title": "a", "folder": "/a"}, {"title": "b", "folder": "/b"}],
		"entries": [{"set": index, "source": {"value": "q.io", "at": {}}, "mirrors": [{"value": one} | some one in list]} | some index, list in lists],
		"sources": [{"source": "q.io", "tag": null, "digest": object.union({"interleaved": true, "contradictory": false, "entries": [0, 1]}, merged)}],
	}
}

test_info if {
	some finding in findings([["a", "b"], ["c"]], {"mirrors": ["a", "c", "b"]})
	finding.level == "info"
	finding.message == "pulls by digest of `q.io` try its mirrors in an order that none of its 2 entries shows: `a`, `c`, `b` (if they reach the same cluster)"
}

test_silent_where_one_list_is_the_order if count(findings([["a", "b", "c"], ["a", "c"]], {"mirrors": ["a", "b", "c"]})) == 0

test_silent_where_it_ends_with_the_source if count(findings([["a", "b", "q.io"], ["a"]], {"mirrors": ["a", "b"]})) == 0

test_silent_where_they_contradict_each_other if count(findings([["a", "b"], ["b", "a"]], {"mirrors": ["a", "c"], "contradictory": true})) == 0

test_silent_where_none_is_torn_apart if count(findings([["a"], ["b"]], {"mirrors": ["a", "b"], "interleaved": false})) == 0
