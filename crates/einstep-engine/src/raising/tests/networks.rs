//! Unit tests by kind of network.

use super::{check, check_array};

const VECTORS: &str =
    "x, y, z, w in R^n; u, v in R^m; A, B, C in R^(m,n); D, E in R^(n,n); S in R^(n,n) symmetric; c in R";
const LETTERS: &str = "P:n Q:n L:m i:n j:n r:n s:m t:m";

#[track_caller]
fn scalar(from: &str, to: &str) {
    check(VECTORS, LETTERS, from, to);
}

/// A vector over p.
#[track_caller]
fn vector(from: &str, to: &str) {
    check(VECTORS, LETTERS, &format!("array[p]({from})"), to);
}

/// A matrix over p and q.
#[track_caller]
fn matrix(from: &str, to: &str) {
    check(VECTORS, LETTERS, &format!("array[p,q]({from})"), to);
}

#[test]
fn labels_are_multiplied_entry_by_entry() {
    vector("x[p]*y[p]", "x .* y");
    vector("2*x[p]*c*y[p]*z[p]", "2*c*(x .* y .* z)");
    vector("x[p]*y[p]*x[p]", "(x.^2) .* y");
    vector("x[p]*y[p]^(-1)", "x .* (y.^(-1))");
    vector("x[p]^2", "x.^2");
    scalar("sum[i](x[i]*y[i])", "x'*y");
    scalar("sum[i](x[i]*y[i]*z[i])", "sum(x .* y .* z)");
    scalar("sum[i,j](x[i]*y[i]*D[i,j]*z[j])", "(x .* y)'*D*z");
}

#[test]
fn leaves_are_labels() {
    vector("sum[j](D[p,j]*x[j])*y[p]", "(D*x) .* y");
    vector("sum[j](D[j,p]*x[j]*y[j])", "D'*(x .* y)");
    vector("sum[i,j](D[p,i]*x[i]*E[i,j]*y[j])", "D*(x .* (E*y))");
}

#[test]
fn bare_ends_are_summed() {
    scalar("sum[i](x[i])", "sum(x)");
    scalar("sum[i,j](D[i,j])", "sum(D)");
    scalar("sum[i,j,r](D[i,j]*E[j,r])", "sum(D*E)");
    vector("sum[j](D[p,j])", "sum(D,2)");
    vector("sum[j](D[j,p])", "sum(D,1)'");
    vector("sum[i,j](D[p,i]*E[i,j])", "sum(D*E,2)");
    vector("sum[i](x[i])*x[p]", "sum(x)*x");
}

#[test]
fn a_label_between_two_edges_is_a_diagonal_matrix() {
    matrix("sum[i](D[p,i]*x[i]*E[i,q])", "D*diag(x)*E");
    matrix("sum[i](D[i,p]*x[i]*D[i,q])", "D'*diag(x)*D");
    matrix("sum[i](D[p,i]*x[i]*y[i]*E[q,i])", "D*diag(x .* y)*E'");
    matrix("sum[i,j](D[p,i]*x[i]*E[i,j]*y[j]*D[j,q])", "D*diag(x)*E*diag(y)*D");
}

#[test]
fn labels_at_the_ends() {
    matrix("x[p]*D[p,q]", "diag(x)*D");
    matrix("D[p,q]*x[q]", "D*diag(x)");
    matrix("x[p]*D[p,q]*y[q]", "(x*y') .* D");
    matrix("x[p]*y[q]", "x*y'");
    matrix("x[p]*y[p]*z[q]", "(x .* y)*z'");
    matrix("x[p]", "x*ones(n)'");
    matrix("x[q]", "ones(n)*x'");
    matrix("c", "c*ones(n,n)");
    matrix("delta[p,q]*x[p]", "diag(x)");
    matrix("delta[p,q]*x[p]*y[p]", "diag(x .* y)");
    matrix("delta[p,q]*x[q]", "diag(x)");
    matrix("delta[p,q]", "I");
    matrix("D[p,p]*delta[p,q]", "D .* I");
}

#[test]
fn parallel_edges_are_multiplied_entry_by_entry() {
    matrix("D[p,q]*E[p,q]", "D .* E");
    matrix("D[p,q]*E[q,p]", "D .* E'");
    scalar("sum[i,j](x[i]*D[i,j]*E[i,j]*y[j])", "x'*(D .* E)*y");
    scalar("sum[i,j](D[i,j]*E[i,j]*D[i,j])", "sum((D.^2) .* E)");
    matrix("sum[i,j](D[p,i]*D[i,j]*E[i,j]*E[j,q])", "D*(D .* E)*E");
}

#[test]
fn cycles_are_traces_and_diagonals() {
    scalar("sum[i,j](D[i,j]*E[j,i])", "tr(D*E)");
    scalar("sum[i](D[i,i])", "tr(D)");
    scalar("sum[i](D[i,i]*x[i])", "diag(D)'*x");
    vector("D[p,p]", "diag(D)");
    vector("sum[j](D[p,j]*E[j,p])", "diag(D*E)");
    vector("sum[j](D[p,j]*E[p,j])", "sum(D .* E,2)");
    vector("sum[j](D[p,j]*D[p,j])", "sum(D.^2,2)");
    vector("sum[i,j](D[p,i]*E[i,j]*D[j,p])*x[p]", "diag(D*E*D) .* x");
}

#[test]
fn functions_are_applied_to_arrays() {
    vector("exp(x[p])", "exp(x)");
    vector("exp(sum[j](D[p,j]*x[j]) + y[p])", "exp(D*x + y)");
    vector("exp(2*x[p])*y[p]", "exp(2*x) .* y");
    vector("exp(x[p] + c)", "exp(x + c*ones(n))");
    matrix("exp(x[p] + y[q])", "exp(x*ones(n)' + ones(n)*y')");
    vector("x[p]^c", "x.^c");
    vector("x[p]^(y[p])", "x.^y");
    vector("c^(y[p])", "c.^y");
    matrix("D[p,q]^(x[p])", "D.^(x*ones(n)')");
}

#[test]
fn sums_of_exponentials_have_names() {
    vector("exp(x[p])/sum[j](exp(x[j]))", "softmax(x)");
    vector("exp(x[p])^2/sum[j](exp(x[j]))^2", "softmax(x).^2");
    matrix("exp(D[p,q])/sum[j](exp(D[p,j]))", "softmax(D,2)");
    matrix("exp(D[p,q])/sum[j](exp(D[j,q]))", "softmax(D,1)");
    scalar("log(sum[i](exp(x[i])))", "logsumexp(x)");
    vector("log(sum[j](exp(D[p,j])))", "logsumexp(D,2)");
}

#[test]
fn products_norms_and_cross_products() {
    scalar("prod[i](x[i])", "prod(x)");
    vector("prod[j](D[p,j])", "prod(D,2)");
    scalar("sqrt(sum[i](x[i]*x[i]))", "norm(x)");
    scalar("sum[i](x[i]^2)", "x'*x");
    vector("sqrt(sum[j](D[p,j]^2))", "norm(D,2)");
    check("x, y, z in R^3", "P:3 i:3 j:3 r:3", "array[p](sum[i,j](eps[p,i,j]*x[i]*y[j]))", "cross(x,y)");
    check("x, y, z in R^3", "P:3 i:3 j:3 r:3", "array[p](sum[i,j](eps[p,j,i]*x[i]*y[j]))", "cross(y,x)");
    check("x, y, z in R^3", "P:3 i:3 j:3 r:3", "sum[r,i,j](eps[i,j,r]*x[i]*y[j]*z[r])", "x'*cross(y,z)");
}

/// An array over i, j and then p, q; i and j name its rows.
#[track_caller]
fn composite(over: &str, from: &str, to: &str) {
    let given = "x, u in R^m; y, v in R^n; A, B in R^(m,m); C, D in R^(n,n); M in R^(m,n); z in R^(m*n); \
                 Z in R^(m*n, m*n); E in R^(k,m*n); c in R";
    let letters = "I:m J:n P:m Q:n K:k s:m t:n r:m";
    check_array(given, letters, 2, &format!("array[{over}]({from})"), to);
}

#[test]
fn slots_of_two_indices_are_kronecker_products() {
    composite("i,j", "x[i]*y[j]", "kron(x,y)");
    composite("i,j", "2*y[j]*x[i]", "2*kron(x,y)");
    composite("i,j", "x[i]*u[i]*y[j]", "kron(x .* u,y)");
    composite("i,j", "x[i]", "kron(x,ones(n))");
    composite("i,j", "M[i,j]", "vec(M')");
    composite("i,j,p", "delta[i,p]*y[j]", "kron(I,y)");
    composite("i,j,p", "delta[i,p]*x[i]*y[j]*v[j]", "kron(diag(x),y .* v)");
    composite("i,j,p", "x[i]*M[p,j]", "kron(x,M')");
    composite("i,j,p", "x[i]*y[j]*u[p]", "kron(x,y)*u'");
    composite("i,j,p", "A[i,p]*y[j] + x[i]*M[p,j]", "kron(A,y) + kron(x,M')");
    composite("i,j,p,q", "A[i,p]*C[j,q]", "kron(A,C)");
    composite("i,j,p,q", "A[i,p]*C[q,j]*x[i]", "kron(diag(x)*A,C')");
    composite("i,j,p,q", "x[i]*u[p]*C[j,q]", "kron(kron(x,u'),C)");
    composite("i,j,p,q", "M[i,j]*u[p]*v[q]", "vec(M')*kron(u,v)'");
    composite("i,j,p,q", "sum[r](A[i,r]*B[r,p])*delta[j,q]", "kron(A*B,I)");
}

#[test]
fn factors_with_slots_of_two_indices() {
    let given = "x, u in R^m; y, v in R^n; A, B in R^(m,m); C in R^(n,n); M in R^(m,n); z in R^(m*n); Z in R^(m*n, m*n); \
                 E in R^(k,m*n); w in R^k";
    let letters = "I:k J:m P:m Q:n s:m t:n r:m o:n";
    check(given, letters, "array[i](sum[s,t](E[i,s,t]*x[s]*y[t]))", "E*kron(x,y)");
    check(given, letters, "array[i](sum[s,t](E[i,t,s]*M[s,t]))", "E*vec(M)");
    check(given, letters, "array[i](sum[s,t](E[i,s,t]*x[s]*y[t]*u[s]))", "E*kron(x .* u,y)");
    check(given, letters, "array[i](sum[s,t](E[i,s,t]*x[s]))", "E*kron(x,ones(n))");
    check(given, letters, "array[i](sum[s,t](E[i,s,t]))", "sum(E,2)");
    check(given, letters, "array[i,p](sum[t](E[i,p,t]*y[t]))", "E*kron(I,y)");
    check(given, letters, "array[i,p](sum[s,t](E[i,s,t]*A[s,p]*y[t]))", "E*kron(A,y)");
    check(given, letters, "sum[s,t](z[s,t]*x[s]*y[t])", "z'*kron(x,y)");
    check(given, letters, "sum[s,t,r,o](z[s,t]*Z[s,t,r,o]*z[r,o])", "z'*Z*z");
    check(
        given,
        letters,
        "sum[s,t,r,o](x[s]*y[t]*Z[s,t,r,o]*A[r,r]*z[r,o])",
        "kron(x,y)'*Z*(kron(diag(A),ones(n)) .* z)",
    );
    check(given, letters, "sum[s,t,r,o](x[s]*y[t]*Z[s,t,r,o]*u[r]*v[o])", "kron(x,y)'*Z*kron(u,v)");
}
