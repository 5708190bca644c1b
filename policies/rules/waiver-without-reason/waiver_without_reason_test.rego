package mirrorproof.rules.waiver_without_reason_test

import data.mirrorproof.rules.waiver_without_reason

messages(lacking) := {finding.message | some finding in found} if {
	found := waiver_without_reason.findings with input as {"waivers": [{"by": "configuration", "rules": ["paused-pool"], "lacksReason": lacking, "at": {}}]}
}

test_none if messages(true) == {"this entry waives `paused-pool` without a reason, and the configuration asks for one"}

test_silent if messages(false) == set()
