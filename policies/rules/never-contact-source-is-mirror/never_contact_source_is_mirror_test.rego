package mirrorproof.rules.never_contact_source_is_mirror_test

import data.mirrorproof.rules.never_contact_source_is_mirror

count_for(policy, mirrors) := result if {
	result := count(never_contact_source_is_mirror.findings) with input as {
		"cluster": {"version": null},
		"mirrorSets": [{"title": "a"}],
		"entries": [{"set": 0, "policy": policy, "source": {"value": "q.io", "at": {}}, "mirrors": [{"value": mirror, "at": {}} | some mirror in mirrors]}],
	}
}

test_fires if count_for("NeverContactSource", ["m.io", "q.io"]) == 1

test_silent_where_contact_is_allowed if count_for("AllowContactingSource", ["m.io", "q.io"]) == 0

test_silent_without_itself if count_for("NeverContactSource", ["m.io", "q.io/o"]) == 0
