package mirrorproof.rules.trusted_ca_not_found_test

import data.mirrorproof.rules.trusted_ca_not_found

levels(state) := result if {
	result := [finding.level | some finding in trusted_ca_not_found.findings] with input as {"imageConfigs": [{"trusted": {
		"name": "cas", "state": state, "at": {},
		"found": {"title": "ConfigMap/cas in team", "at": {}},
	}}]}
}

test_error_in_another_namespace if levels("elsewhere") == ["error"]

test_warning_under_another_name if levels("other") == ["warning"]

test_error_where_a_running_cluster_has_none if levels("nowhere") == ["error"]

test_silent_where_it_is if levels("found") == []

test_silent_where_it_is_not_here if levels("absent") == []

test_silent_without_one if {
	count(trusted_ca_not_found.findings) == 0 with input as {"imageConfigs": [{"conflict": false}]}
}
