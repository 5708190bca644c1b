package mirrorproof.rules.location_without_registry_test

import data.mirrorproof.rules.location_without_registry

findings(disconnected, entry) := result if {
	result := location_without_registry.findings with input as {
		"cluster": {"disconnected": disconnected},
		"mirrorSets": [{"pull": "tag"}],
		"entries": [object.union({"set": 0, "source": {"value": "s", "at": {}}, "mirrors": [{"value": "m", "at": {}}], "effective": true}, entry)],
	}
}

source := {"source": {"mismatch": "no-registry"}}

mirrors(value) := {"mirrors": [{"value": value, "at": {}, "mismatch": "no-registry"}]}

test_source if {
	[finding.level | some finding in findings(true, source)] == ["error"]
	[finding.level | some finding in findings(false, source)] == ["warning"]
}

test_mirror if {
	some finding in findings(false, mirrors("bastion/a"))
	finding.level == "error"
	finding.message == "mirror `bastion/a` names no registry, so every pull of `s` by tag fails"
}

test_both_are_said_once if count(findings(true, object.union(source, mirrors("bastion/a")))) == 1

test_silent if {
	count(findings(true, {})) == 0
	count(findings(true, {"source": {"mismatch": "alias"}})) == 0
	count(findings(true, object.union(mirrors("s"), {"effective": false}))) == 0
}
