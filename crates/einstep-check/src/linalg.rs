//! Inverses and determinants of small matrices of dual numbers, by elimination.
//!
//! In: the entries of a square matrix, row by row. Out: its inverse and its determinant.
//! Left to others: where the entries come from.

use crate::dual::Dual;

/// The inverse and the determinant of an n×n matrix; `None` when it has no inverse.
pub(crate) fn inverse(entries: &[Dual], n: usize) -> Option<(Vec<Dual>, Dual)> {
    let mut left: Vec<Vec<Dual>> = entries.chunks(n).map(<[Dual]>::to_vec).collect();
    let mut right: Vec<Vec<Dual>> = (0..n).map(|i| (0..n).map(|j| unit(i == j)).collect()).collect();
    let mut determinant = Dual::ONE;
    for column in 0..n {
        let pivot = (column..n).find(|&row| !left[row][column].value().is_zero())?;
        if pivot != column {
            left.swap(pivot, column);
            right.swap(pivot, column);
            determinant = -determinant;
        }
        determinant = determinant * left[column][column];
        let scale = left[column][column].inverse()?;
        scale_row(&mut left[column], scale);
        scale_row(&mut right[column], scale);
        for row in (0..n).filter(|&row| row != column) {
            let factor = -left[row][column];
            for side in [&mut left, &mut right] {
                let pivot_row = side[column].clone();
                side[row].iter_mut().zip(pivot_row).for_each(|(entry, pivot)| *entry = *entry + factor * pivot);
            }
        }
    }
    Some((right.concat(), determinant))
}

/// The determinant by expansion along rows, over subsets of columns: it exists for singular matrices too.
pub(crate) fn determinant(entries: &[Dual], n: usize) -> Dual {
    // After k rows, the minor of the first k rows for each set of k columns.
    let mut minors = vec![Dual::ZERO; 1 << n];
    minors[0] = Dual::ONE;
    for columns in 1..1usize << n {
        let row = columns.count_ones() as usize - 1;
        let mut sum = Dual::ZERO;
        for column in (0..n).filter(|column| columns >> column & 1 == 1) {
            let term = entries[row * n + column] * minors[columns & !(1 << column)];
            let odd = (columns >> (column + 1)).count_ones() % 2 == 1;
            sum = sum + if odd { -term } else { term };
        }
        minors[columns] = sum;
    }
    minors[(1 << n) - 1]
}

/// 1 or 0.
pub(crate) fn unit(one: bool) -> Dual {
    if one { Dual::ONE } else { Dual::ZERO }
}

fn scale_row(row: &mut [Dual], scale: Dual) {
    row.iter_mut().for_each(|entry| *entry = *entry * scale);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::F;

    #[test]
    fn the_two_determinants_agree() {
        let entries: Vec<Dual> = [0, 2, 3, 4, 5, 6, 7, 8, 10].map(|n| Dual::plain(F::new(n))).to_vec();
        let perturbed: Vec<Dual> =
            entries.iter().enumerate().map(|(k, d)| if k == 4 { d.perturbed(0) } else { *d }).collect();
        let (inverted, det) = inverse(&perturbed, 3).unwrap();
        assert_eq!(det, determinant(&perturbed, 3));
        let first_row = (0..3).map(|k| perturbed[k] * inverted[3 * k]).fold(Dual::ZERO, |sum, term| sum + term);
        assert_eq!(first_row, Dual::ONE);
    }
}
