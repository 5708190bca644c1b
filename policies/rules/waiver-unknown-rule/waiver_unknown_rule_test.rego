package mirrorproof.rules.waiver_unknown_rule_test

import data.mirrorproof.rules.waiver_unknown_rule

messages(unknown) := {finding.message | some finding in found} if {
	found := waiver_unknown_rule.findings with input as {"waivers": [{"by": "comment", "unknown": unknown, "at": {}}]}
}

test_near if messages([{"rule": "paused-pol", "near": "paused-pool"}]) == {"there is no rule `paused-pol`, which this comment names; is `paused-pool` meant?"}

test_several if messages([{"rule": "a"}, {"rule": "b"}, {"rule": "c"}]) == {"there is no rule `a` (nor are there 2 others), which this comment names"}

test_silent if messages([]) == set()
