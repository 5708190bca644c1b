package mirrorproof.rules.wrong_api_version_test

import data.mirrorproof.rules.wrong_api_version

test_fires if {
	count(wrong_api_version.findings) == 1 with input as {"misplaced": [{"title": "a", "kind": "b", "apiVersion": "x/v1", "listed": true, "fields": {"kind": {"path": ["kind"]}, "apiVersion": {"path": ["apiVersion"]}}, "expected": {"kind": "b", "apiVersion": "y/v1"}, "at": {}}]}
}

test_silent if count(wrong_api_version.findings) == 0 with input as {"misplaced": []}
