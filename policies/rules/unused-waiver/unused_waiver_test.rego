package mirrorproof.rules.unused_waiver_test

import data.mirrorproof.rules.unused_waiver

messages(unused) := {finding.message | some finding in found} if {
	found := unused_waiver.findings with input as {"waivers": [{"by": "annotation", "rules": ["paused-pool", "mirror-chain"], "unused": unused, "at": {}}]}
}

test_one_of_two if messages(["mirror-chain"]) == {"a line of this annotation waives `mirror-chain`, and nothing of that was found where it holds"}

test_silent if messages([]) == set()
