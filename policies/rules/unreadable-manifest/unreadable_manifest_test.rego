package mirrorproof.rules.unreadable_manifest_test

import data.mirrorproof.rules.unreadable_manifest

messages(readable) := result if {
	result := [finding.message | some finding in unreadable_manifest.findings] with input as {"unreadable": [{"readable": readable, "message": "why", "at": {}}]}
}

test_not_read if messages(false) == ["this manifest cannot be read: why"]

test_read_with_a_loss if messages(true) == ["this manifest is read with a loss: why"]

test_silent if count(unreadable_manifest.findings) == 0 with input as {"unreadable": []}
