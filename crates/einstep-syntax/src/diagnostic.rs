//! Diagnostics as plain data: what is wrong, where, what was expected, a way out.
//!
//! In: findings of the parser and of `infer`. Out: values that a front end draws or writes as JSON.
//! Left to others: drawing.

use crate::span::Span;
use serde::Serialize;

/// One finding about the user's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The kind of finding.
    pub code: Code,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The places concerned; the first is the primary one.
    pub labels: Vec<Label>,
    /// Ways out, each one sentence.
    pub help: Vec<String>,
    /// Replacements of text that would mend it, each of which parses.
    pub fixes: Vec<Fix>,
}

/// A place with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said of it.
    pub text: String,
}

/// A replacement of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The text to replace.
    pub span: Span,
    /// What to write instead.
    pub replacement: String,
}

impl Diagnostic {
    /// A finding at one place.
    ///
    /// ```
    /// use einstep_syntax::{Code, Diagnostic, Span};
    /// let d = Diagnostic::new(Code::UnknownCharacter, "unknown character `$`", Span::default(), "not part of the language")
    ///     .with_help("remove it");
    /// assert_eq!(d.code.id(), "E001");
    /// ```
    pub fn new(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            labels: vec![Label { span, text: label.into() }],
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn with_help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Adds a replacement.
    #[must_use]
    pub fn with_fix(mut self, span: Span, replacement: impl Into<String>) -> Diagnostic {
        self.fixes.push(Fix { span, replacement: replacement.into() });
        self
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $id:literal;)*) => {
        /// The kinds of findings, each with a stable identifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Code {
            $($(#[doc = $doc])* #[serde(rename = $id)] $name,)*
        }

        impl Code {
            /// Every code, in order of its identifier.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The stable identifier, such as `E001`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)* }
            }

            /// What the code stands for, in a sentence or two.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// A character that is not part of the language.
    UnknownCharacter = "E001";
    /// A bracket is opened and not closed, or closed and not opened.
    UnbalancedBracket = "E002";
    /// Something else was expected here: an operand, an operator, the end.
    UnexpectedToken = "E003";
    /// There is no expression to read.
    EmptyExpression = "E004";
    /// The expression is nested more deeply than the language allows.
    TooDeep = "E005";
    /// A number, or an exponent, is too large.
    NumberTooLarge = "E006";
    /// A declaration does not have the form `x in R^n`.
    MalformedDeclaration = "E007";
    /// A property that the language does not have.
    UnknownProperty = "E008";
    /// The text is not valid UTF-8, or is too long.
    UnreadableText = "E009";
    /// A name is not declared and is too long to be one undeclared letter.
    UnknownName = "E010";
    /// A name is declared twice, differently, or as two kinds of thing.
    ConflictingDeclaration = "E011";
    /// A dimension is no positive integer, is too large, or can't be found.
    InvalidDimension = "E012";
    /// A function that the language does not have.
    UnknownFunction = "E013";
    /// A function got the wrong number of arguments.
    WrongArity = "E014";
    /// No variable to differentiate by was given, or it can't be one.
    NoVariable = "E015";
    /// The variable does not occur in the expression and is not declared.
    AbsentVariable = "E016";
    /// An index has no meaning here: it is bound twice, stands outside of the sum that binds it, or is two things at once.
    IndexScope = "E017";
    /// Under the summation convention an index occurs more than twice in a product, or where it is not clear what is summed.
    IndexRepeated = "E018";
    /// The dimensions of two operands do not match.
    ShapeMismatch = "E020";
    /// A square matrix is needed.
    NotSquare = "E021";
    /// A scalar is needed.
    NotScalar = "E022";
    /// A vector or matrix is needed, or this operation is not defined for the kind of operand.
    WrongKind = "E023";
    /// Division by zero.
    DivisionByZero = "E024";
    /// A dimension would have to be 1 or another value for the shapes to fit.
    ForcedDimension = "E025";
    /// An element has more or fewer indices than the array has dimensions.
    IndexCount = "E026";
    /// A free index stands in one summand, on one side of an equation, or in an order of them, and not in the other.
    FreeIndex = "E027";
    /// A literal index is greater than its dimension.
    IndexRange = "E028";
    /// The language has this operation and the engine can't derive it yet.
    NotYet = "E030";
    /// A budget was met: nodes, steps or time.
    Budget = "E040";
}
