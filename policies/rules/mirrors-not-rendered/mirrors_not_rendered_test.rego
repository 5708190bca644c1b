package mirrorproof.rules.mirrors_not_rendered_test

import data.mirrorproof.rules.mirrors_not_rendered

rendered(state, more) := object.union({"title": "MachineConfig/a", "state": state, "lacks": [], "besides": [], "otherwise": [], "changed": [], "at": {}}, more)

findings(list) := result if {
	result := mirrors_not_rendered.findings with input as {"cluster": {"refused": "conflicting"}, "rendered": list}
}

test_error_where_it_refuses if {
	some finding in findings([rendered("refused", {}), rendered("refused", {})])
	finding.level == "error"
	finding.message == "the operator refuses these objects (conflicting), so `MachineConfig/a` and 1 more keep what it wrote before"
	count(finding.related) == 1
}

test_since_when if {
	changed := [{"title": "ImageTagMirrorSet/b", "time": "2026-02-02T00:00:00Z", "at": {}}]
	some finding in findings([rendered("refused", {"written": "2026-01-01T00:00:00Z", "changed": changed})])
	endswith(finding.message, "keeps what it wrote before (last written on 2026-01-01T00:00:00Z; ImageTagMirrorSet/b was changed on 2026-02-02T00:00:00Z)")
}

test_warning_where_it_differs if {
	some finding in findings([rendered("differs", {"lacks": ["q/a", "q/b", "q/c", "q/d"], "otherwise": ["q/e"]})])
	finding.level == "warning"
	contains(finding.message, "it lacks `q/a`, `q/b`, `q/c` and 1 more, it says something else of `q/e`;")
}

test_silent_where_it_is_the_same if count(findings([rendered("same", {}), rendered("unknown", {})])) == 0
