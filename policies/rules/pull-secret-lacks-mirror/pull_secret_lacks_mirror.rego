# METADATA
# title: Pull secret without credentials for a mirror
# description: >-
#   Nodes take credentials for mirrors from the global pull secret alone: those of a pod or a project are for the source and are not sent to a mirror on
#   another host. A mirror that is not in the global pull secret answers `unauthorized: authentication required`, unless it asks for no credentials.
# custom:
#   level: warning
#   fix: >-
#     Add the host of the mirror, with its port, to the pull secret, if the mirror asks for credentials.
#   versions: all
#   situations: [unauthorized]
#   logs:
#   - 'unauthorized: authentication required'
#   - 'authentication required'
#   facts: [credentials]
package mirrorproof.rules.pull_secret_lacks_mirror

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": secret.at, "related": related} if {
	some secret in input.credentials
	lacking := [one | some one in secret.lacks; not lib.is_public(one.host); not lib.is_internal(one.host)]
	count(lacking) > 0
	message := $"the pull secret in {secret.title} has no credentials for {lib.quoted([one.host | some one in lacking])}: pulls from there fail if the registry asks for some"
	related := [{"at": one.at, "message": note} | some one in lacking; note := $"a mirror on {one.host}"]
}
