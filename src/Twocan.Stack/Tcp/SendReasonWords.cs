using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Why a segment is sent now, as a person would say it.</summary>
public static class SendReasonWords
{
    public static string Say(this SendReason reason, Language language) =>
        language == Language.Korean ? Korean(reason) : English(reason);

    private static string English(SendReason reason) =>
        reason switch
        {
            SendReason.Connect => "the program wants to connect",
            SendReason.AcceptConnect => "somebody wants to connect",
            SendReason.SynCookie => "too many want to connect, so nothing is kept for this one",
            SendReason.FastOpen => "Fast Open",
            SendReason.Data => "there is data, and both windows have room",
            SendReason.DataAndFin => "the last data, and the program has nothing more to say",
            SendReason.Fin => "the program has nothing more to say",
            SendReason.Acknowledge => "something has arrived",
            SendReason.DelayedAcknowledge => "nothing came along for the acknowledgement to ride with",
            SendReason.DuplicateAcknowledge => "something before it is missing",
            SendReason.OutOfWindow => "what came lies outside the window",
            SendReason.OldTimestamp => "what came is an old duplicate by its time stamp",
            SendReason.WindowUpdate => "the program has made room",
            SendReason.WindowProbe => "has the peer room again?",
            SendReason.RetransmitTimeout => "again, since no acknowledgement came in time",
            SendReason.FastRetransmit => "again, since three acknowledgements said the same",
            SendReason.PartialAcknowledgement => "again, since the acknowledgement shows the next hole",
            SendReason.SackRetransmit => "again, since three segments behind it have arrived",
            SendReason.RackRetransmit => "again, since what was sent later has arrived",
            SendReason.TailLossProbe => "no answer to the last one for two round trips: a probe",
            SendReason.PathMtuProbe => "does the path take so long a segment?",
            SendReason.FastOpenRefused => "again, since only the SYN before it was taken",
            SendReason.ChallengeAck => "is it really the peer that says so?",
            SendReason.KeepAlive => "is the peer still there?",
            SendReason.Reset => "there is no such connection any more",
            _ => "made by hand",
        };

    private static string Korean(SendReason reason) =>
        reason switch
        {
            SendReason.Connect => "프로그램이 접속하려고 함",
            SendReason.AcceptConnect => "상대가 접속하려고 함",
            SendReason.SynCookie => "접속하려는 상대가 너무 많아 아무것도 저장하지 않음",
            SendReason.FastOpen => "Fast Open",
            SendReason.Data => "보낼 데이터가 있고 윈도우에 자리가 있음",
            SendReason.DataAndFin => "마지막 데이터이고 더 보낼 것이 없음",
            SendReason.Fin => "프로그램이 더 보낼 것이 없음",
            SendReason.Acknowledge => "도착한 것이 있음",
            SendReason.DelayedAcknowledge => "합승할 데이터가 없어 ACK만 따로 보냄",
            SendReason.DuplicateAcknowledge => "앞의 것이 아직 오지 않음",
            SendReason.OutOfWindow => "윈도우 밖의 것이 도착함",
            SendReason.OldTimestamp => "타임스탬프를 보니 오래된 중복임",
            SendReason.WindowUpdate => "프로그램이 읽어 자리가 생김",
            SendReason.WindowProbe => "상대에게 자리가 생겼는지 확인",
            SendReason.RetransmitTimeout => "재전송: 시간 안에 ACK가 오지 않음",
            SendReason.FastRetransmit => "재전송: 같은 ACK가 세 번 옴",
            SendReason.PartialAcknowledgement => "재전송: ACK를 보니 그다음 것도 비어 있음",
            SendReason.SackRetransmit => "재전송: 뒤의 세그먼트 세 개가 이미 도착함",
            SendReason.RackRetransmit => "재전송: 나중에 보낸 것이 먼저 도착함",
            SendReason.TailLossProbe => "왕복 시간의 두 배가 지나도 답이 없어 확인함",
            SendReason.PathMtuProbe => "이 경로가 이만큼 긴 세그먼트를 통과시키는지 확인",
            SendReason.FastOpenRefused => "재전송: 상대가 SYN만 받음",
            SendReason.ChallengeAck => "정말 상대가 보낸 것인지 확인",
            SendReason.KeepAlive => "상대가 아직 있는지 확인",
            SendReason.Reset => "그런 연결은 이제 없음",
            _ => "직접 만든 세그먼트",
        };
}
