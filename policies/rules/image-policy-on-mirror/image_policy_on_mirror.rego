# METADATA
# title: Signature policy for a mirror
# description: >-
#   policy.json judges an image by the name that it is called by, wherever its bytes come from. A scope that names a mirror covers no image that is pulled
#   through it, so no signature of theirs is checked.
# custom:
#   level: warning
#   fix: >-
#     Write the source as the scope. Signatures that were made anew at the mirror need `signedIdentity` with RemapIdentity.
#   versions: 4.16 and later (a technology preview before 4.20); an info for a scope that is wider than the mirror
#   situations: [ignored]
#   facts: [signatures]
package mirrorproof.rules.image_policy_on_mirror

import data.mirrorproof.lib

findings contains {"level": verdict[0], "message": message, "at": signature.at, "related": related} if {
	not lib.before([4, 16])
	some signature in input.signatures
	not signature.called
	verdict := verdicts[signature.within]
	message := $"scope `{signature.scope}` of {signature.title} names {verdict[1]} `{signature.mirror}`: images that are called by their source are not checked"
	related := [{"at": signature.mirrorAt, "message": "the mirror"}]
}

# The scope is the mirror or a part of it; else it is wider, and may be meant for what else is there.
verdicts := {true: ["warning", "the mirror"], false: ["info", "the registry of mirrors such as"]}
