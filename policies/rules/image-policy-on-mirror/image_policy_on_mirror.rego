# METADATA
# title: Signature policy for a mirror
# description: >-
#   policy.json judges an image by the name that it is called by, wherever its bytes come from. A scope that names a mirror covers no image that is pulled
#   through it, so no signature of theirs is checked.
# custom:
#   level: warning
#   fix: >-
#     Write the source as the scope. Signatures that were made anew at the mirror need `signedIdentity` with RemapIdentity.
#   versions: 4.16 and later
#   situations: [ignored]
package mirrorproof.rules.image_policy_on_mirror

findings contains {"level": "warning", "message": message, "at": signature.at} if {
	some signature in input.signatures
	signature.mirror
	message := $"scope `{signature.scope}` of {signature.title} names the mirror `{signature.mirror}`: images that are called by their source are not checked"
}
