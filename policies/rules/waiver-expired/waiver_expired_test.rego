package mirrorproof.rules.waiver_expired_test

import data.mirrorproof.rules.waiver_expired

messages(expired) := {finding.message | some finding in found} if {
	found := waiver_expired.findings with input as {"waivers": [{"by": "comment", "rules": ["paused-pool"], "until": "2020-01-31", "expired": expired, "at": {}}]}
}

test_over if messages(true) == {"this comment waived `paused-pool` until 2020-01-31, which is over: what it covers counts again"}

test_silent if messages(false) == set()
