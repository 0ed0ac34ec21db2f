//go:build tools

// Package tools pins kwok, the stand-in node of the sandbox's cluster.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
