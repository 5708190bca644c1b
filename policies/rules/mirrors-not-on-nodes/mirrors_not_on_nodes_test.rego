package mirrorproof.rules.mirrors_not_on_nodes_test

import data.mirrorproof.rules.mirrors_not_on_nodes

findings(paused, rollout) := result if {
	pool := {"title": "MachineConfigPool/worker", "paused": paused, "rollout": object.union({"machines": 3, "updated": 1, "at": {}}, rollout), "at": {}}
	result := mirrors_not_on_nodes.findings with input as {"pools": [pool]}
}

levels(paused, rollout) := [finding.level | some finding in findings(paused, rollout)]

test_error_while_degraded if {
	some finding in findings(false, {"state": "rolling", "degraded": "cannot drain"})
	finding.level == "error"
	finding.message == "the mirrors that the operator wrote are not on the nodes of `MachineConfigPool/worker` (1 of 3 updated): it is degraded (cannot drain)"
}

test_warning_while_paused if levels(true, {"state": "rolling"}) == ["warning"]

test_info_while_it_goes_on if {
	levels(false, {"state": "rolling"}) == ["info"]
	levels(false, {"state": "rendering"}) == ["info"]
}

test_silent_once_done if levels(true, {"state": "done", "degraded": "something else"}) == []

test_silent_where_nothing_is_known if {
	count(mirrors_not_on_nodes.findings) == 0 with input as {"pools": [{"title": "MachineConfigPool/worker", "paused": true, "at": {}}]}
}
