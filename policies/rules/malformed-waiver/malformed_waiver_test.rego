package mirrorproof.rules.malformed_waiver_test

import data.mirrorproof.rules.malformed_waiver

messages(waiver) := {finding.message | some finding in found} if {
	found := malformed_waiver.findings with input as {"waivers": [object.union({"by": "comment", "fixed": [], "at": {}}, waiver)]}
}

test_no_rule if messages({"malformation": "no-rule"}) == {"no rule is named, so this comment has no effect"}

test_no_date if messages({"malformation": "no-date", "found": "soon", "by": "annotation"}) == {"`until=soon` is no date such as 2027-01-31, so a line of this annotation has no effect"}

test_two_dates if messages({"malformation": "two-dates"}) == {"`until` is there twice, so this comment has no effect"}

test_too_long if messages({"malformation": "too-long"}) == {"there are more than 2,000 characters, so this comment has no effect"}

test_about_waivers if messages({"fixed": ["unused-waiver", "waiver-expired"]}) == {"`unused-waiver`, `waiver-expired` are about waivers, and no waiver covers that"}

test_silent if messages({}) == set()
