package mirrorproof.rules.never_contact_not_inherited_test

import data.mirrorproof.rules.never_contact_not_inherited

findings(narrow, scopes) := result if {
	result := never_contact_not_inherited.findings with input as {
		"cluster": {"declared": true},
		"mirrorSets": [{"title": "a", "home": "", "folder": ""}, {"title": "b", "home": "", "folder": ""}],
		"entries": array.concat([entry(0, "q.io", "NeverContactSource")], narrow),
		"sources": array.concat(
			[{"source": "q.io", "entries": [0], "policies": ["NeverContactSource"]}],
			[{"source": one.source.value, "entries": [index + 1], "policies": policies(one)} | some index, one in narrow],
		),
		"overlaps": [{"broad": 0, "narrow": index + 1} | some index, _ in narrow],
		"scopes": scopes,
	}
}

entry(set, source, policy) := {"set": set, "source": {"value": source, "at": {"path": [source]}}, "policy": policy, "effective": true}

policies(one) := ["AllowContactingSource"] if one.policy == null

policies(one) := [one.policy] if one.policy != null

test_warning if [finding.level | some finding in findings([entry(1, "q.io/a", null)], [])] == ["warning"]

test_one_finding_for_each_object if {
	messages := {finding.message | some finding in findings([entry(0, "q.io/a", null), entry(1, "q.io/b", null), entry(1, "q.io/c", null)], [])}
	count(messages) == 2
	some message in messages
	startswith(message, "`q.io/b` and 1 more may be contacted, although `q.io` around them is")
}

test_silent_where_both_forbid_it if count(findings([entry(1, "q.io/a", "NeverContactSource")], [])) == 0

test_silent_where_it_is_allowed_on_purpose if count(findings([entry(1, "q.io/a", "AllowContactingSource")], [])) == 0

scope(list) := {"list": list, "value": "q.io/x", "inherits": 0, "home": "", "folder": "", "at": {}}

test_insecure_registry if {
	some finding in findings([], [scope("insecure")])
	finding.level == "warning"
	startswith(finding.message, "`q.io/x` may be contacted")
}

test_silent_for_a_blocked_one if count(findings([], [scope("blocked")])) == 0
