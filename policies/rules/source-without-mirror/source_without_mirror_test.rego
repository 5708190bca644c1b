package mirrorproof.rules.source_without_mirror_test

import data.mirrorproof.rules.source_without_mirror

entry := {"set": 0, "source": {"value": "q.io/o", "at": {}}, "mirrors": [], "policy": null, "effective": false, "mirrored": false}

findings(entries, disconnected, policy) := result if {
	result := source_without_mirror.findings with input as {
		"cluster": {"disconnected": disconnected},
		"mirrorSets": [{"title": "a"}],
		"entries": array.concat(entries, [{"set": 0, "source": {"value": "q.io", "at": {}}, "mirrors": [{"value": "m"}], "policy": policy, "effective": true, "mirrored": true}]),
		"sources": [{"source": "q.io", "entries": [count(entries)]}],
	}
}

levels(changes, disconnected) := [finding.level | some finding in findings([object.union(entry, changes)], disconnected, null)]

test_warning if levels({}, false) == ["warning"]

test_error_when_disconnected if levels({}, true) == ["error"]

never := {"policy": "NeverContactSource"}

test_policy_is_lost_too if {
	some finding in findings([object.union(entry, never)], false, null)
	finding.level == "error"
	endswith(finding.message, "has no mirror, so the entry is ignored and its NeverContactSource with it")
}

test_silent_with_a_mirror if levels({"effective": true}, true) == []

test_silent_where_another_entry_has_one if levels({"mirrored": true}, true) == []

test_silent_where_the_operator_refuses_it if levels(object.union(never, {"mirrors": [{"value": "q.io/o"}]}), true) == []

test_info_where_a_broader_source_serves_it if levels({"coveredBy": "q.io"}, true) == ["info"]

test_error_where_only_the_policy_is_lost if levels(object.union(never, {"coveredBy": "q.io"}), false) == ["error"]

test_info_where_what_serves_it_forbids_it_too if {
	[finding.level | some finding in findings([object.union(entry, object.union(never, {"coveredBy": "q.io"}))], true, "NeverContactSource")] == ["info"]
}

test_entries_of_one_source_are_said_once if {
	[finding.message | some finding in findings([entry, entry], false, null)] == ["source `q.io/o` has no mirror in any of 2 entries, so they are ignored"]
}

test_one_that_is_served_is_said_apart if count(findings([entry, object.union(entry, {"coveredBy": "q.io"})], false, null)) == 2
