package dev.longshore.reliability;

/** Decides which fault a call of an engine has. */
interface FaultPlan {
    Fault before(Sandbox caller, String call);

    Fault after(Sandbox caller, String call);

    /** Whether a call under a lock fails; its caller can neither freeze nor crash. */
    default boolean failsUnderALock(Sandbox caller, String call) {
        return false;
    }

    /** Whether a request of many messages is taken only in part. */
    default boolean takesOnlySome() {
        return false;
    }

    /** Whether the index returns what it returned at the last read. */
    default boolean indexLags() {
        return false;
    }

    FaultPlan NONE = new FaultPlan() {
        @Override
        public Fault before(Sandbox caller, String call) {
            return Fault.FINE;
        }

        @Override
        public Fault after(Sandbox caller, String call) {
            return Fault.FINE;
        }
    };
}
