package mirrorproof.rules.mirror_is_blocked_test

import data.mirrorproof.rules.mirror_is_blocked

findings(sets, entry, disconnected) := result if {
	result := mirror_is_blocked.findings with input as {
		"cluster": {"disconnected": disconnected, "declared": true},
		"mirrorSets": [{"title": "a", "home": "", "folder": "a"}, {"title": "b", "home": "", "folder": "b"}, {"title": "c", "home": "elsewhere", "folder": "c"}],
		"entries": [
			{"set": sets[0], "source": {"value": "q.io", "at": {}}, "effective": true, "policy": null, "mirrors": [
				{"value": "m.io/q", "at": {"doc": 1}, "entry": entry},
				{"value": "m.io/r", "at": {"doc": 2}, "entry": entry},
				{"value": "q.io", "at": {"doc": 3}, "entry": {"prefix": "q.io", "blocked": true}},
			]},
			{"set": sets[1], "source": {"value": "m.io", "at": {}}, "effective": true, "policy": "NeverContactSource", "mirrors": []},
		],
		"sources": [{"source": "m.io", "entries": [1]}],
	}
}

test_error_by_another_source if {
	some finding in findings([0, 1], {"prefix": "m.io", "blocked": true, "source": 0, "at": {}}, false)
	finding.level == "error"
	finding.message == "nodes never contact mirror `m.io/q` and 1 more: `m.io` is blocked by NeverContactSource in b"
}

test_said_once if count(findings([0, 1], {"prefix": "m.io", "blocked": true, "source": 0, "at": {}}, false)) == 1

test_warning_where_they_may_not_meet if {
	[finding.level | some finding in findings([0, 2], {"prefix": "m.io", "blocked": true, "source": 0, "at": {}}, true)] == ["warning"]
}

test_error_by_blocked_registries if {
	some finding in findings([0, 1], {"prefix": "m.io", "blocked": true, "at": {}}, false)
	finding.level == "error"
	endswith(finding.message, "is blocked by blockedRegistries")
}

test_error_by_a_file if {
	some finding in findings([0, 1], {"prefix": "m.io", "blocked": true}, false)
	finding.level == "error"
	endswith(finding.message, "is blocked by the registries.conf of a MachineConfig")
}

test_silent_where_nothing_blocks_it if count(findings([0, 1], {"prefix": "m.io", "blocked": false, "source": 0}, true)) == 0
