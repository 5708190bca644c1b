package main

import (
	"context"

	"github.com/containers/image/v5/docker"
	"github.com/containers/image/v5/docker/reference"
	"github.com/containers/image/v5/image"
	"github.com/containers/image/v5/signature"
	"github.com/containers/image/v5/types"
)

// A source of an image of which only its name is asked for: no policy of the operator's looks at signatures.
type nameOnly struct {
	types.ImageSource
	reference types.ImageReference
}

func (n nameOnly) Reference() types.ImageReference { return n.reference }

// rejected tells why policy.json does not let an image run, in the words of copy.Image, or nothing.
func rejected(named reference.Named, policyJSON string) string {
	if policyJSON == "" {
		return ""
	}
	policy, err := signature.NewPolicyFromBytes([]byte(policyJSON))
	check(err)
	evaluation, err := signature.NewPolicyContext(policy)
	check(err)
	defer func() { check(evaluation.Destroy()) }()
	ref, err := docker.NewReference(named)
	check(err)
	if allowed, err := evaluation.IsRunningImageAllowed(context.Background(), image.UnparsedInstance(nameOnly{reference: ref}, nil)); !allowed {
		return "Source image rejected: " + err.Error()
	}
	return ""
}
