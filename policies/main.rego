# METADATA
# description: The one entry point. Rules are looked up by name, so that one that is switched off costs nothing.
package mirrorproof

findings contains object.union(finding, {"rule": rule}) if {
	some rule in input.rules
	some finding in data.mirrorproof.rules[rule].findings
}
