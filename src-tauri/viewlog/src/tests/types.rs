//! What the compiler must hold, said where it would stop compiling.

use crate::{Receipt, ViewLog};

/// Fails to compile where `$type` implements `$trait`: two candidates for one name.
macro_rules! is_not {
    ($type:ty, $($bound:path),+) => {
        const _: fn() = || {
            trait Ambiguous<A> {
                fn item() {}
            }
            impl<T: ?Sized> Ambiguous<()> for T {}
            $({
                struct Wrong;
                impl<T: ?Sized + $bound> Ambiguous<Wrong> for T {}
            })+
            let _ = <$type as Ambiguous<_>>::item;
        };
    };
}

is_not!(Receipt, Clone, serde::Serialize, Default);

const fn goes_to_another_thread<T: Send>() {}
const _: () = goes_to_another_thread::<ViewLog>();
