package mirrorproof.rules.machineconfig_overrides_mirrors_test

import data.mirrorproof.rules.machineconfig_overrides_mirrors

findings(file, disconnected) := result if {
	result := machineconfig_overrides_mirrors.findings with input as {
		"cluster": {"disconnected": disconnected},
		"entries": [{"set": 0, "effective": true, "source": {"value": "q.io", "at": {}}}],
		"sources": [{"source": "q.io", "entries": [0]}],
		"files": [object.union({"title": "MachineConfig/a", "path": "/etc/a.conf", "pool": "worker", "overwritten": false, "dropIn": true, "replaces": [], "at": {}}, file)],
	}
}

levels(file, disconnected) := [finding.level | some finding in findings(file, disconnected)]

with_entry(entry) := {"replaces": [object.union({"prefix": "q.io", "source": 0, "blocked": false, "lost": [], "gone": [], "at": {}}, entry)]}

bare := with_entry({"lost": ["digest", "tag"], "gone": ["m.net"]})

test_warning_where_pulls_go_to_the_source if {
	some finding in findings(bare, false)
	finding.level == "warning"
	endswith(finding.message, "pulls by digest and by tag go to the source")
}

test_error_where_nodes_cannot_reach_it if levels(bare, true) == ["error"]

test_error_where_they_are_blocked if levels(with_entry({"lost": ["digest"], "gone": ["m.net"], "blocked": true}), false) == ["error"]

test_warning_where_some_mirrors_are_gone if {
	some finding in findings(with_entry({"gone": ["a", "b", "c", "d"]}), true)
	finding.level == "warning"
	endswith(finding.message, "`a`, `b`, `c` and 1 more are not used")
}

test_info_with_the_same_mirrors if levels(with_entry({}), true) == ["info"]

test_a_narrower_entry_without_mirrors if levels(with_entry({"prefix": "q.io/a", "lost": ["digest"], "gone": ["m.net/a"]}), false) == ["warning"]

test_a_narrower_entry_with_mirrors_is_beside_them if {
	some finding in findings(with_entry({"prefix": "q.io/a", "gone": ["m.net/a"]}), true)
	finding.level == "info"
	contains(finding.message, "beside the mirror sets")
}

test_info_beside_them if levels({}, true) == ["info"]

test_error_for_the_whole_file if levels({"dropIn": false}, false) == ["error"]

test_warning_for_a_whole_file_that_is_overwritten if levels({"dropIn": false, "overwritten": true}, false) == ["warning"]

test_silent_for_a_drop_in_that_is_overwritten if levels(object.union(bare, {"overwritten": true}), true) == []

test_silent_where_nodes_cannot_read_it if levels(object.union(bare, {"error": "toml"}), true) == []
