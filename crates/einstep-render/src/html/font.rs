//! The font in which pages set notation, as it stands in a page.
//!
//! In: nothing. Out: a part of New Computer Modern Math, and any bytes in base 64. Left to others: how the part is made
//! (`font/make.sh`).

/// The font, in WOFF 2.
pub(crate) const MATH: &[u8] = include_bytes!("../../font/math.woff2");

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes in base 64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut code = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[all >> (18 - 6 * place) & 63];
            code.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_that_are_no_multiple_of_three_are_filled_up() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }
}
