//! Text to tokens.
//!
//! In: text. Out: tokens with byte offsets; a run of characters outside the language is one [`Kind::Junk`] token.
//! Left to others: what tokens mean together; blanks survive only as gaps between offsets, comments not at all.

use logos::Logos;

/// The kinds of tokens; their text is read from the source.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\u{A0}\u{2000}-\u{200B}\u{202F}\u{205F}\u{3000}\u{FEFF}]+")]
#[logos(skip(r"#[^\n\r]*", allow_greedy = true))]
#[logos(subpattern letter = r"[A-Za-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{24F}\u{386}\u{388}-\u{3CE}\u{3D1}\u{3D5}\u{3D6}\u{3F0}\u{3F1}\u{3F5}ℓ]")]
#[logos(subpattern part = r"(?:(?&letter)|[0-9₀-₉])")]
pub(crate) enum Kind {
    #[regex(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")]
    Number,
    #[regex(r"(?&letter)(?&part)*(?:_(?&part)+)*")]
    Name,
    #[token("in", priority = 100)]
    #[token("∈")]
    In,
    /// `²`, `⁻¹`
    #[regex("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")]
    Superscript,
    /// The mark of a norm: `‖x‖_F`.
    #[regex("_[12F]", priority = 20)]
    NormMark,
    /// `_{i=1}`, `_{ij}`, and `_i` behind a bracket.
    #[regex(r"_\{[^{}\n\r]*\}")]
    #[regex(r"_(?&part)+", priority = 5)]
    Subscript,
    /// A sum or a product by hand.
    #[regex(r"(?:\\sum|\\prod|[∑∏])(?:_(?&letter)(?&part)*)?")]
    Sign,
    #[token("+")]
    Plus,
    #[regex("[-−–]")]
    Minus,
    #[regex("[*@·⋅∗]")]
    Star,
    #[regex(r"\.\*|[∘⊙]")]
    DotStar,
    #[token("/")]
    Slash,
    #[token("./")]
    DotSlash,
    #[token("⊗")]
    Kron,
    #[token("×")]
    Times,
    #[token("**")]
    StarStar,
    #[token("^")]
    Caret,
    #[token(".^")]
    DotCaret,
    #[token(".")]
    Dot,
    #[regex("['′’]")]
    Prime,
    #[token("ᵀ")]
    SuperT,
    #[token("⊤")]
    Top,
    #[regex(r"\|\||[‖∥]")]
    DoubleBar,
    #[token("|")]
    Bar,
    #[token("(")]
    LeftParen,
    #[token(")")]
    RightParen,
    #[token("[")]
    LeftBracket,
    #[token("]")]
    RightBracket,
    #[token("{")]
    LeftBrace,
    #[token("}")]
    RightBrace,
    #[token(",")]
    Comma,
    #[token(";")]
    Semicolon,
    #[token(":")]
    Colon,
    #[token("ℝ")]
    Reals,
    #[token("∂")]
    Partial,
    #[regex(r"\r\n?|[\n\u{2028}\u{2029}]")]
    Newline,
    /// Characters outside the language.
    Junk,
}

impl Kind {
    /// The bracket that closes this one.
    pub(crate) fn closer(self) -> Option<Kind> {
        Some(match self {
            Kind::LeftParen => Kind::RightParen,
            Kind::LeftBracket => Kind::RightBracket,
            Kind::LeftBrace => Kind::RightBrace,
            _ => return None,
        })
    }

    /// Whether it closes a bracket.
    pub(crate) fn closes(self) -> bool {
        matches!(self, Kind::RightParen | Kind::RightBracket | Kind::RightBrace)
    }
}

/// A token: its kind and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// All tokens of a text of less than 4 GiB.
pub(crate) fn lex(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (kind, range) in Kind::lexer(text).spanned() {
        let kind = kind.unwrap_or(Kind::Junk);
        let (start, end) = (range.start as u32, range.end as u32);
        match tokens.last_mut() {
            Some(last) if kind == Kind::Junk && last.kind == Kind::Junk && last.end == start => last.end = end,
            _ => tokens.push(Token { kind, start, end }),
        }
    }
    tokens
}
