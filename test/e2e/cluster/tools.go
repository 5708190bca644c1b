//go:build tools

// Package cluster pins what the end-to-end tests run against. OpenShift's CRDs come from the module that build/go.mod pins.
package cluster

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
