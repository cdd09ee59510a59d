namespace Twocan.Stack;

/// <summary>
/// Was the timeout needless (RFC 5682)? After it only the first segment is resent. If the next acknowledgements cover
/// octets that were sent only once, the first flight was merely late: nothing needs resending, and the window was right.
/// </summary>
public struct ForwardRto
{
    private Step _step;

    /// <summary>New data goes before anything else is resent: what its acknowledgement says decides.</summary>
    public bool HoldsBack => _step == Step.NewData;

    public bool IsActive => _step != Step.None;

    public void Begin() => _step = Step.FirstResent;

    public void Stop() => _step = Step.None;

    /// <summary>True when the timeout was spurious.</summary>
    /// <param name="wasOriginalDelivered">Something that was sent once, before the timeout, has arrived.</param>
    /// <param name="hasAdvanced">SND.UNA has moved.</param>
    /// <param name="isDuplicate">It acknowledges nothing new, or tells of a hole.</param>
    /// <param name="canSendNew">There is data that was never sent, and room for it in the peer's window.</param>
    public bool OnAcknowledgement(bool wasOriginalDelivered, bool hasAdvanced, bool isDuplicate, bool canSendNew)
    {
        switch (_step)
        {
            case Step.None:
                return false;
            case Step.FirstResent or Step.NewData when wasOriginalDelivered:
                _step = Step.None;
                return true;
            case Step.FirstResent when hasAdvanced && canSendNew: // step 2b
                _step = Step.NewData;
                return false;
            case Step.NewData when hasAdvanced: // step 3b: without SACK, this is how it shows
                _step = Step.None;
                return true;
            case Step.FirstResent when !hasAdvanced && !isDuplicate:
                return false;
            default:
                _step = Step.None; // steps 2a and 3a: the loss was real
                return false;
        }
    }

    private enum Step
    {
        None,
        FirstResent,
        NewData,
    }
}
