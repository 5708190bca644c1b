package mirrorproof.rules.source_without_mirror_test

import data.mirrorproof.rules.source_without_mirror

findings(entry, disconnected) := result if {
	result := source_without_mirror.findings with input as {
		"cluster": {"disconnected": disconnected},
		"entries": [object.union({"source": {"value": "q.io", "at": {}}, "mirrors": [], "policy": null, "effective": false, "mirrored": false}, entry)],
	}
}

test_warning if [finding.level | some finding in findings({}, false)] == ["warning"]

test_error_when_disconnected if [finding.level | some finding in findings({}, true)] == ["error"]

test_policy_is_lost_too if {
	some finding in findings({"policy": "NeverContactSource"}, false)
	contains(finding.message, "has no mirror, so the entry is ignored and its NeverContactSource with it")
}

test_silent_with_a_mirror if count(findings({"effective": true}, true)) == 0

test_silent_where_another_entry_has_one if count(findings({"mirrored": true}, true)) == 0

test_info_where_a_broader_source_serves_it if [finding.level | some finding in findings({"coveredBy": "q"}, true)] == ["info"]
