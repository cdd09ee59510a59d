namespace Twocan.Stack;

/// <summary>Why something is sent again.</summary>
public sealed partial class LossRecovery
{
    private SendReason ResendReason =>
        Phase switch
        {
            RecoveryPhase.Loss => SendReason.RetransmitTimeout,
            _ when !_isSelective => _hadPartial ? SendReason.PartialAcknowledgement : SendReason.FastRetransmit,
            _ when _settings.Rack => SendReason.RackRetransmit,
            _ => SendReason.SackRetransmit,
        };
}
