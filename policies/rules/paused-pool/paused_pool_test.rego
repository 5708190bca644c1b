package mirrorproof.rules.paused_pool_test

import data.mirrorproof.rules.paused_pool

findings(pools, effective) := result if {
	result := paused_pool.findings with input as {
		"entries": [{"set": 0, "effective": effective}],
		"pools": [{"title": $"MachineConfigPool/{index}", "paused": paused, "at": {}} | some index, paused in pools],
	}
}

test_one if {
	some finding in findings([true], true)
	finding.level == "info"
	finding.message == "`MachineConfigPool/0` is paused: no change of a mirror set reaches its nodes"
}

test_several if {
	some finding in findings([true, false, true], true)
	finding.message == "`MachineConfigPool/0`, `MachineConfigPool/2` are paused: no change of a mirror set reaches their nodes"
	count(finding.related) == 1
}

test_silent_where_none_is if count(findings([false], true)) == 0

test_silent_without_mirrors if count(findings([true], false)) == 0
