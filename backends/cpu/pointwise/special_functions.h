#pragma once

/// Special functions of doubles, with PyTorch's values at poles and outside the domain.
namespace lazuli::cpu {

double log_gamma(double x);  // log |gamma(x)|, safe on several threads
double digamma(double x);
double polygamma(double order, double x);
/// Hurwitz zeta: the sum of (q + k)^-s over k >= 0.
double hurwitz_zeta(double s, double q);
double erfinv(double y);
/// e^(x^2) erfc(x)
double erfcx(double x);
/// The inverse of the normal distribution function.
double ndtri(double p);
double log_ndtr(double x);
double sinc(double x);
/// Modified Bessel functions of the first kind; `e`: times e^-|x|.
double bessel_i0(double x);
double bessel_i0e(double x);
double bessel_i1(double x);
double bessel_i1e(double x);
/// Regularised incomplete gamma functions, lower (P) and upper (Q).
double igamma(double a, double x);
double igammac(double a, double x);

}  // namespace lazuli::cpu
