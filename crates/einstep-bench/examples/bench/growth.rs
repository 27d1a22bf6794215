//! How a figure grows with the size.
//!
//! In: sizes and figures. Out: the exponent of the power that fits best.

/// How many of the greatest sizes are fitted.
const POINTS: usize = 3;

/// The exponent at the end of a series, by least squares over logarithms.
pub(crate) fn exponent(series: &[(f64, f64)]) -> Option<f64> {
    let last = &series[series.len().saturating_sub(POINTS)..];
    if last.len() < 2 || last.iter().any(|&(size, figure)| size <= 0.0 || figure <= 0.0) {
        return None;
    }
    let points: Vec<(f64, f64)> = last.iter().map(|&(size, figure)| (size.ln(), figure.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let both: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (spread > 0.0).then(|| both / spread)
}

#[cfg(test)]
mod tests {
    use super::exponent;

    #[test]
    fn a_power_is_found() {
        let squares: Vec<(f64, f64)> = [1.0, 2.0, 4.0, 8.0].map(|size: f64| (size, 3.0 * size * size)).into();
        assert!((exponent(&squares).unwrap_or(0.0) - 2.0).abs() < 1e-9);
        assert_eq!(exponent(&squares[..1]), None);
    }
}
