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

findings contains {"level": level(signature), "message": message, "at": signature.at, "related": related} if {
	not lib.before([4, 16])
	some signature in input.signatures
	signature.mirror
	not in_use(signature.scope)
	message := $"scope `{signature.scope}` of {signature.title} names {where(signature)} `{signature.mirror}`: images that are called by their source are not checked"
	related := [{"at": at, "message": "the mirror"} | at := mirrors(signature.mirror)[0]]
}

level(signature) := "warning" if {
	within(signature)
} else := "info"

where(signature) := "the mirror" if {
	within(signature)
} else := "the registry of mirrors such as"

# The scope is the mirror or a part of it; else it is wider, and may be meant for what else is there.
within(signature) if startswith(signature.scope, signature.mirror)

# Images are called by that name.
in_use(scope) if {
	some image in input.images
	repository := split(scope, "@")[0]
	startswith(image.reference, repository)
}

mirrors(location) := [mirror.at | some entry in input.entries; some mirror in entry.mirrors; mirror.value == location]
