# METADATA
# description: The one entry point. Rules are looked up by name, so that one that is switched off costs nothing.
package mirrorproof

findings contains {"rule": rule, "finding": finding} if {
	some rule in input.rules
	some finding in data.mirrorproof.rules[rule].findings
}

# What yields no set is said, and not taken for a rule that finds nothing.
findings contains {"rule": rule} if {
	some rule in input.rules
	not yields(rule)
}

yields(rule) if is_set(data.mirrorproof.rules[rule].findings)
